export { describeTrouble } from './trouble/describe-trouble.ts'
