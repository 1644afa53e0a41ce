export { describeTrouble } from './describe-trouble.ts'
